// Package blob keeps files by the digest of their bytes (文件), in the database, so that a backup and a transaction hold them
// like every other row.
//
//	file, err := blob.Prepare(ctx, reader)               // outside of the transaction: reads, recognises, decodes
//	b, err := blob.Put(ctx, w, city, file, act.At)       // the same bytes twice are stored once
//	b, content, err := blob.Content(ctx, r, city, b.Digest)
//	shown, err := blob.Strip(content, b.Media)           // without place, time and device
//
// What a file is, its first bytes say, never its name: JPEG, PNG, WebP, PDF, .xlsx, .docx and .ofd are taken. Of a picture it
// keeps a thumbnail and a perceptual hash, a number that hardly moves when the picture is scaled, compressed anew or made
// brighter, so that Near finds the same photo in other bytes. It is the sign of the 64 lowest frequencies of the picture's
// cosine transform against their median: C. Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions, 2010,
// section 3.2.1. A cut or mirrored picture has another hash.
//
// The original bytes stay as they came. When and where a photo was taken is read from its EXIF block (CIPA DC-008) by a
// bounded reader and given back as Facts; who may see them the noun decides. Strip gives a picture without that block and
// without everything else that is not needed to show it; a PDF or office file has no such copy.
//
// It is no store for large media: MaxSize bounds a file, maxPixels and maxMemory what a picture may unpack to.
package blob
