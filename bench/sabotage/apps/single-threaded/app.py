import http.server
from shop import Shop, serve


class OneRequest(Shop):
    protocol_version = "HTTP/1.0"  # a connection ends with its request, and the next one has its turn


serve(OneRequest, http.server.HTTPServer)  # the defect: not a ThreadingHTTPServer
