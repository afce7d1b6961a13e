"""What the Python apps here are made of, as a healthy app has it. An app replaces one part, and that is its defect."""
import http.server, os, signal, sys, threading, urllib.request


class Shop(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one write
    disable_nagle_algorithm = True
    timeout = 75  # an idle connection, or a client that sends nothing more
    store_timeout = 0.3  # seconds: how long the store may take

    def do_GET(self):
        self.answer({"/": self.hello, "/healthz": self.hello, "/price": self.price, "/catalogue": self.catalogue}.get(self.path.split("?")[0]))

    def do_POST(self):
        self.answer({"/echo": self.echo}.get(self.path.split("?")[0]))

    do_HEAD = do_GET

    def answer(self, handler):
        status, text = handler() if handler else (404, "Not here.\n")
        if status >= 400:
            self.close_connection = True  # a body that nobody has read must not be taken for the next request
        self.reply(status, text)

    def hello(self):
        return 200, "Hello.\n"

    def catalogue(self):
        """As long as the files and lists of real apps: 100 kB, which come in pieces."""
        return 200, "One of many things.\n" * 5000

    def echo(self):
        if "Content-Length" not in self.headers:
            return 411, "How long is it?\n"
        return 200, self.rfile.read(int(self.headers["Content-Length"])).decode("latin-1")

    def price(self):
        """Of the store, which is optional: without it the price is not known."""
        try:
            with urllib.request.urlopen(os.environ["STORE_URL"] + "/price", timeout=self.store_timeout) as answer:
                return 200, answer.read().decode()
        except OSError:
            return 200, "unknown\n"

    def reply(self, status, text):
        body = text.encode("latin-1")
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_error(self, code, message=None, explain=None):
        super().send_error(405 if code == 501 else code, message, explain)  # an unknown method is the client's mistake, not ours

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 512
    daemon_threads = True

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


def serve(handler=Shop, server_type=Server):
    server = server_type(("127.0.0.1", int(os.environ.get("PORT", 3000))), handler)
    # What is in flight has been answered before Mainstay sends the signal; connections that idle need not be waited for.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever(poll_interval=0.1)
