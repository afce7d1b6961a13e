'use strict';
const { serve, take } = require('../../common/shop');

serve({ 'GET /work': async () => { await take(150); return 'worked\n'; } });
