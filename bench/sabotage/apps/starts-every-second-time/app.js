'use strict';
const { serve, work } = require('../../common/shop');

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const counter = path.join(os.tmpdir(), 'starts');

function prepare() {
  fs.appendFileSync(counter, '.');
  if (fs.statSync(counter).size % 2 === 0) throw new Error('something went wrong');
}

serve({ 'GET /work': work() }, { prepare });
