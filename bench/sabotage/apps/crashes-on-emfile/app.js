'use strict';
const { serve, work } = require('../../common/shop');

const fs = require('node:fs');

const working = work();

serve({ 'GET /work': () => { fs.createReadStream(__filename).resume(); return working(); } }); // the defect: nobody listens for its errors
