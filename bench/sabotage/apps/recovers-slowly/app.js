'use strict';
const { serve, stopServing, take, work } = require('../../common/shop');

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const journal = path.join(os.tmpdir(), 'journal');

/** What an unclean end has left is read again, slowly. */
async function prepare() {
  if (fs.existsSync(journal)) await take(45_000);
  fs.writeFileSync(journal, 'open');
}

serve({ 'GET /work': work() }, { prepare, stop(server) { fs.rmSync(journal, { force: true }); stopServing(server); } });
