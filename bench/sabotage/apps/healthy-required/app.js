'use strict';
const { serve } = require('../../common/shop');
const { notes, orders } = require('../../common/store');

serve({ ...notes(), ...orders() });
