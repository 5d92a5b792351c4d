// Writes a gzip copy beside every built text file, so that the server never compresses at run time.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

const root = new URL('../dist/app', import.meta.url).pathname
const textual = new Set(['.js', '.css', '.svg', '.json', '.map', '.html', '.webmanifest'])
const worthIt = 1024 // below one packet nothing is gained

for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !textual.has(extname(entry.name))) continue
  const path = join(entry.parentPath, entry.name)
  const body = readFileSync(path)
  if (body.length >= worthIt) writeFileSync(`${path}.gz`, gzipSync(body, { level: 9 }))
}
