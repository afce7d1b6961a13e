'use strict';
const { serve } = require('../../common/shop');
const { Store } = require('../../common/store');

const store = new Store();

serve({ 'GET /price': request => store.ask('GET', '/price', { request }).catch(() => 'unknown\n') });
