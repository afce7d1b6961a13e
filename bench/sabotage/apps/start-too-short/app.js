'use strict';
const { serve, take } = require('../../common/shop');

serve({}, { prepare: () => take(4000) });
