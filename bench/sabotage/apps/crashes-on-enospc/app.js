'use strict';
const { serve, work } = require('../../common/shop');

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const working = work();
const journal = fs.createWriteStream(path.join(os.tmpdir(), 'journal'), { flags: 'a' }); // the defect: nobody listens for its errors

serve({ 'GET /work': () => { journal.write('x'.repeat(4096)); return working(); } });
