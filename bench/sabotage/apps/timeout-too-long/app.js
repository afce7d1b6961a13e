'use strict';
const { serve, take } = require('../../common/shop');

serve({ 'GET /work': async () => { await take(Math.random() < 0.03 ? 3000 : 20); return 'worked\n'; } });
