'use strict';
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');

const socket = path.join(os.tmpdir(), 'child.sock');

if (require.main === module) {
  fs.rmSync(socket, { force: true });
  net.createServer().listen(socket);
  // Not for ever, for the sake of the machine: until the run's folder is removed, ten minutes at most.
  setInterval(() => fs.existsSync(socket) || process.exit(), 200);
  setTimeout(() => process.exit(), 600_000);
}

module.exports = { socket };
