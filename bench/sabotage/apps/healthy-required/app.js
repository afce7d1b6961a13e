'use strict';
const { serve } = require('../../common/shop');
const { Store, notes, orders } = require('../../common/store');

// What is answered with 503 Mainstay tries again: retries of both would multiply.
const store = new Store({ retries: false });

serve({ ...notes(store), ...orders(store) });
