const http = require('node:http');

const replica = process.env.MAINSTAY_REPLICA ?? 'nobody';
let ready = true;

const server = http.createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname === '/readyz') {
    response.writeHead(ready ? 200 : 503).end(ready ? 'ready\n' : 'stopping\n');
  } else if (url.pathname === '/slow') {
    const ms = Math.min(Number(url.searchParams.get('ms')) || 0, 60_000);
    setTimeout(() => response.end(`That took ${ms} ms, said ${replica}.\n`), ms);
  } else if (url.pathname === '/echo' && request.method === 'POST') {
    request.pipe(response);
  } else if (url.pathname === '/') {
    response.end(`Hello from ${replica}.\n`);
  } else {
    response.writeHead(404).end('Not here.\n');
  }
});

server.listen(Number(process.env.PORT) || 3000, '127.0.0.1');

process.on('SIGTERM', () => {
  ready = false;
  server.close(() => process.exit(0)); // finishes what is in flight
});
