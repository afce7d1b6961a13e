'use strict';
const { serve, work } = require('../../common/shop');

const working = work();
const leaked = [];

serve({ 'GET /work': () => { leaked.push(Buffer.alloc(3 << 20, 1)); return working(); } });
