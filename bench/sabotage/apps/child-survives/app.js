'use strict';
const { serve, work } = require('../../common/shop');

const { spawn } = require('node:child_process');
const net = require('node:net');
const os = require('node:os');
const { socket } = require('./child');

/** Starts the child, unless there is one: then something is wrong, and the app gives up. */
async function prepare() {
  if (await answers()) throw new Error(`${socket} is in use`);
  spawn(process.execPath, [require.resolve('./child')], { detached: true, stdio: 'ignore', env: { TMPDIR: os.tmpdir() } }).unref();
}

function answers() {
  return new Promise(resolve => {
    const call = net.connect(socket, () => { call.destroy(); resolve(true); });
    call.on('error', () => resolve(false));
  });
}

serve({ 'GET /work': work() }, { prepare });
