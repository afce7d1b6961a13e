#!/usr/bin/env python3
"""The dependency of the sabotage suite's apps: a small store over HTTP on a loopback port: dependency.py PORT

GET, PUT and DELETE keep values by path. GET /price answers 42. POST /count counts one execution under the request's X-Request-Id, and GET
/count says how many there were, of how many requests, and how many of them were repetitions.
"""
import asyncio, collections, json, signal, sys

REASONS = {200: "OK", 204: "No Content", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed"}
values = {"/price": b"42\n"}
executions = collections.Counter()


def act(method, path, headers, body):
    if path == "/count":
        if method == "POST":
            executions[headers.get("x-request-id", "none")] += 1
            return 200, b"counted\n"
        if method != "GET":
            return 405, b""
        total = sum(executions.values())
        return 200, json.dumps({"executions": total, "requests": len(executions), "repeated": total - len(executions)}).encode() + b"\n"
    if method == "PUT":
        values[path] = body
        return 204, b""
    if method == "DELETE":
        values.pop(path, None)
        return 204, b""
    if method != "GET":
        return 405, b""
    return (200, values[path]) if path in values else (404, b"")


async def serve(reader, writer):
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, path, _ = head[0].split(" ")
            headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            status, answer = act(method, path.split("?")[0], headers, body)
            writer.write(f"HTTP/1.1 {status} {REASONS[status]}\r\nContent-Type: text/plain\r\n".encode()
                         + (b"\r\n" if status == 204 else f"Content-Length: {len(answer)}\r\n\r\n".encode() + answer))
            await writer.drain()
            if headers.get("connection", "").lower() == "close":
                break
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError):
        pass  # the client has gone, or does not speak HTTP
    finally:
        writer.close()


async def main():
    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, done.set)
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]), backlog=512)
    await done.wait()
    server.close()


asyncio.run(main())
