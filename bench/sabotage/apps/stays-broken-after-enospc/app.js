'use strict';
const { serve, work } = require('../../common/shop');

const fs = require('node:fs/promises');
const os = require('node:os');
const path = require('node:path');

const working = work();
const journal = path.join(os.tmpdir(), 'journal');
let broken = false;

serve({
  'GET /work': async () => {
    if (broken) throw new Error('the journal is broken'); // the defect: for ever
    await fs.appendFile(journal, 'x'.repeat(4096)).catch(() => { broken = true; });
    return working();
  },
});
