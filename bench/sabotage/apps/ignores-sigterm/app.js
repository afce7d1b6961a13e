'use strict';
const { serve, work } = require('../../common/shop');

serve({ 'GET /work': work() }, { stop() {} }); // the defect: the signal is taken, and nothing is done
