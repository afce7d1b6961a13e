'use strict';
const { serve, read } = require('../../common/shop');

serve({ 'POST /echo': async request => JSON.stringify(JSON.parse(await read(request))) });
