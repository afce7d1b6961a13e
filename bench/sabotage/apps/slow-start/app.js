'use strict';
const { serve, take, work } = require('../../common/shop');

serve({ 'GET /work': work() }, { prepare: () => take(15_000) });
