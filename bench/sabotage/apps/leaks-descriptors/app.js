'use strict';
const { serve, work } = require('../../common/shop');

const fs = require('node:fs');

const working = work();

serve({ 'GET /work': () => { fs.openSync(__filename); return working(); } });
