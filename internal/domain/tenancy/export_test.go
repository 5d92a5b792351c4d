package tenancy

// EachRowBy is EachRow with pages of another size, so that tests cross their borders with few rows.
var EachRowBy = eachRow
