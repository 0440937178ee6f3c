#!/bin/sh
# Starts the hub; flags go on to it. The same as `npm start`.
cd "$(dirname "$0")/.." && exec npm start -- "$@"
