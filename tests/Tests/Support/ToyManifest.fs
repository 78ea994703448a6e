/// A small table with a manifest.
module CausalDebiasing.Tests.Support.ToyManifest

open System.IO
open System.IO.Compression
open CausalDebiasing.Bench.Datasets

/// 40 rows of 20 patients at two sites; bmi and kind are missing together where the row's number is a multiple of 4.
let rows = [
    "stay,patient,site,age,bmi,kind,death,part,year"
    for i in 0..39 do
        let bmi, kind =
            if i % 4 = 0 then
                "-1", "?"
            else
                $"{20 + i % 7}.5", (if i % 2 = 0 then "1.0" else "2")

        let part =
            if i < 28 then "train"
            elif i < 32 then "validation"
            else "test"

        $"{100 + i},p{i / 2},{(if i < 20 then 'a' else 'b')},{40 + i},{bmi},{kind},{i / 2 % 2},{part},{2000 + i}"
]

let json =
    """{
  // Comments are allowed.
  "name": "toy",
  "files": [{ "path": "toy.csv" }],
  "outcome": { "column": "death" },
  "missing": ["?"],
  "id": "stay",
  "patient": "patient",
  "site": "site",
  "columns": {
    "bmi": { "missing": ["-1"] },
    "kind": { "categorical": true }
  },
  "modalities": { "demographics": ["age"], "body": ["bmi", "kind"] }
}"""

let text rows = String.concat "\n" rows + "\n"

let access: DataAccess = {
    Root = None
    Cache = None
    Report = ignore
}

/// Writes manifest and table into the folder; gives the manifest's path.
let write folder (manifest: string) (table: string) =
    File.WriteAllText(Path.Combine(folder, "toy.csv"), table)
    let path = Path.Combine(folder, "toy.json")
    File.WriteAllText(path, manifest)
    path

let load (path: string) =
    (ManifestDataset.ofFile path).Load access

/// Loads the manifest over the table, both of the fixture but for what is changed.
let loadWith (manifest: string) (table: string) =
    TempFolder.withFolder (fun folder -> load (write folder manifest table))

let compress (path: string) (text: string) =
    use file = File.Create path
    use gzip = new GZipStream(file, CompressionMode.Compress)
    use writer = new StreamWriter(gzip)
    writer.Write text
