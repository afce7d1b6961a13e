'use strict';
const { serve, stopServing, work } = require('../../common/shop');

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const lock = path.join(os.tmpdir(), 'lock');

serve({ 'GET /work': work() }, {
  prepare: () => fs.closeSync(fs.openSync(lock, 'wx')),
  stop(server) { fs.rmSync(lock); stopServing(server); },
});
