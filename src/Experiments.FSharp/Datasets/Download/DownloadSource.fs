namespace CausalDebiasing.Bench.Datasets

open System
open System.IO
open System.Reflection
open CausalDebiasing.Bench.Foundation

/// A file to download, with its lower-case SHA-256.
type DownloadFile = { Path: string; Sha256: string }

/// An open data set that can be downloaded without an account.
type DownloadSource = {
    /// The folder under the data root.
    Name: string
    Title: string
    Licence: string
    /// Address under which the files' paths continue; ends in '/'.
    Address: string
    Files: DownloadFile list
}

module DownloadSource =
    /// The lines of a checksum file: SHA-256, white space, path.
    let parse (checksums: string) = [
        for line in checksums.Split('\n', StringSplitOptions.RemoveEmptyEntries) do
            let space = line.IndexOf ' '

            {
                Path = line[space..].Trim().TrimStart('*')
                Sha256 = line[.. space - 1]
            }
    ]

    let private checksums name =
        match Assembly.GetExecutingAssembly().GetManifestResourceStream $"{name}.sha256" with
        | null -> invalidOp $"The assembly lacks {name}.sha256."
        | stream ->
            use reader = new StreamReader(stream)
            parse (reader.ReadToEnd())

    let private source name title licence address = {
        Name = name
        Title = title
        Licence = licence
        Address = address
        Files = checksums name
    }

    /// All that `data fetch` knows.
    let all = [
        source
            "physionet2012"
            "The PhysioNet/Computing in Cardiology Challenge 2012, set A"
            Licence.attribution
            "https://physionet.org/files/challenge-2012/1.0.0/"
        source
            "eicu-demo"
            "eICU Collaborative Research Database Demo 2.0.1"
            Licence.openDatabase
            "https://physionet.org/files/eicu-crd-demo/2.0.1/"
        source
            "mimic-iv-demo"
            "MIMIC-IV Clinical Database Demo 2.2"
            Licence.openDatabase
            "https://physionet.org/files/mimic-iv-demo/2.2/"
    ]
