namespace CausalDebiasing.Bench.Results

open System
open System.Globalization
open System.IO
open CausalDebiasing.Bench.Foundation

/// A remembered number in a file of its own: its key, the number and the checksum of both.
module OracleFile =
    let private prefix = "oracle-"
    let private extension = ".txt"

    let private sum key number = Sha256.ofText $"{key} {number}"

    /// Where the number of a key is.
    let path folder key =
        Path.Combine(folder, prefix + key + extension)

    /// Remembers a number.
    let write folder key (value: float) =
        let number = value.ToString("R", CultureInfo.InvariantCulture)
        AtomicFile.writeText (path folder key) $"{number} {sum key number}"

    /// The number, unless there is none that can be believed.
    let tryRead folder key =
        try
            match (File.ReadAllText(path folder key)).Split ' ' with
            | [| number; checksum |] when checksum = sum key number ->
                Some(Double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture))
            | _ -> None
        with
        | :? IOException
        | :? UnauthorizedAccessException -> None

    /// Files that cannot be believed: damaged, edited, or written by an earlier version.
    let damaged folder = [
        if Directory.Exists folder then
            for file in Directory.GetFiles(folder, $"{prefix}*{extension}") |> Array.sort do
                let key = (string (Path.GetFileNameWithoutExtension file)).Substring prefix.Length

                if (tryRead folder key).IsNone then
                    file
    ]
