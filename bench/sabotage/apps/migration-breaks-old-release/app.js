'use strict';
const { serve, work } = require('../../common/shop');

const { version } = require('./schema');

const known = version();
const working = work();

serve({
  'GET /work': () => {
    if (version() !== known) throw new Error(`the schema has version ${version()}, not ${known}`);
    return working();
  },
});
