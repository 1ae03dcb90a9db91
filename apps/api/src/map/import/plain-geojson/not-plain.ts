/** The file holds what only GDAL's reader judges: the import begins anew with it, and it says what is wrong. */
export class NotPlain extends Error {}
