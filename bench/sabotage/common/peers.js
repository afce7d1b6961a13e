'use strict';
// Each replica finds the others by their ports in a folder that they share.
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');

const folder = path.join(os.tmpdir(), 'peers');
const self = process.env.MAINSTAY_REPLICA ?? 'nobody';

function join() {
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, self), process.env.PORT);
}

function ports() {
  return fs.readdirSync(folder).filter(name => name !== self).map(name => fs.readFileSync(path.join(folder, name), 'utf8'));
}

/** Whether the replica at this port answers; waits for it as long as it takes. */
function asks(port) {
  return new Promise(resolve => {
    http.get({ port, host: '127.0.0.1', path: '/' }, response => { response.resume().on('end', () => resolve(true)).on('error', () => resolve(false)); })
      .on('error', () => resolve(false));
  });
}

module.exports = { join, ports, asks };
