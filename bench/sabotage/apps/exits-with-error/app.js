'use strict';
const { serve, work } = require('../../common/shop');

serve({ 'GET /work': work() }, { stop: server => server.close(() => process.exit(1)) });
