'use strict';
const { serve } = require('../../common/shop');
const { Store } = require('../../common/store');

const store = new Store();

const order = request => store.ask('POST', '/count', { body: '', request });

serve({ 'POST /orders': async request => { await order(request).catch(() => order(request)); return 'ordered\n'; } }); // the defect: the second one
