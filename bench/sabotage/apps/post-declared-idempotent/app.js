'use strict';
const { serve, take } = require('../../common/shop');
const { orders } = require('../../common/store');

const ordered = orders()['POST /orders'];

// Executed first, answered a little later: a kill in between leaves its outcome open.
serve({ 'POST /orders': async request => { const text = await ordered(request); await take(100); return text; } });
