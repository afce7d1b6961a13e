import concurrent.futures
from shop import Server, Shop, serve


class OneRequest(Shop):
    protocol_version = "HTTP/1.0"  # a worker belongs to a request, not to a connection


class FewWorkers(Server):
    workers = concurrent.futures.ThreadPoolExecutor(4)

    def process_request(self, request, client_address):
        self.workers.submit(self.process_request_thread, request, client_address)


serve(OneRequest, FewWorkers)
