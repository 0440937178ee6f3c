#!/bin/sh
# Makes the database, or brings it up to date, and ends. A second run changes nothing.
cd "$(dirname "$0")/.." && exec npm start -- --prepare "$@"
