namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic
open System.Formats.Tar
open System.IO
open System.IO.Compression
open CausalDebiasing.Runtime

/// One of the three sets of the challenge.
type ChallengeSet =
    | A
    | B
    | C

    member set.Letter =
        match set with
        | A -> "a"
        | B -> "b"
        | C -> "c"

/// The files of one set in the data set's folder: Outcomes-x.txt and either the folder set-x/ or the archive
/// set-x.tar.gz; where both are there the folder counts.
type ChallengeFiles = {
    Outcomes: string
    /// Folder or archive.
    Records: string
}

module PhysioNet2012Files =
    /// What the given sets need.
    let requirement (sets: ChallengeSet list) = {
        Name = "physionet2012"
        Title = "Predicting Mortality of ICU Patients: The PhysioNet/Computing in Cardiology Challenge 2012"
        Licence = Licence.attribution
        Source = "https://physionet.org/content/challenge-2012/1.0.0/"
        Files = [
            for set in sets do
                [ $"Outcomes-{set.Letter}.txt" ]
                [ $"set-{set.Letter}/"; $"set-{set.Letter}.tar.gz" ]
        ]
    }

    let locate folder (set: ChallengeSet) =
        let records = Path.Combine(folder, $"set-{set.Letter}")

        {
            Outcomes = Path.Combine(folder, $"Outcomes-{set.Letter}.txt")
            Records =
                if Directory.Exists records then
                    records
                else
                    records + ".tar.gz"
        }

    /// The last part of the path.
    let nameOf (path: string) =
        path[path.LastIndexOfAny [| '/'; '\\' |] + 1 ..]

    let private isRecord (path: string) =
        let name = nameOf path

        name.Length > 4
        && name.EndsWith ".txt"
        && Seq.forall Char.IsAsciiDigit name[.. name.Length - 5]

    let private folderRecords folder =
        Directory.GetFiles folder |> Array.filter isRecord |> Array.sort

    let private visitArchive (path: string) visit =
        use file = File.OpenRead path
        use gzip = new GZipStream(file, CompressionMode.Decompress)
        use tar = new TarReader(gzip)

        let rec next () =
            match tar.GetNextEntry() with
            | null -> ()
            | entry ->
                match entry.DataStream with
                | null -> ()
                | data when isRecord entry.Name ->
                    use content = new MemoryStream()
                    data.CopyTo content

                    // A gzip stream that was cut just ends.
                    if content.Length < entry.Length then
                        raise (EndOfStreamException())

                    visit (nameOf entry.Name) (content.ToArray())
                | _ -> ()

                next ()

        next ()

    /// Calls `visit` with name and bytes of every record (a file named by its number, ".txt"), one in memory at a
    /// time. Raises InputException when a file cannot be read, the archive is damaged, there is no record, or a
    /// record occurs twice.
    let iterate (records: string) (visit: string -> byte[] -> unit) =
        let name = nameOf records
        let seen = HashSet<string>()

        let visitOnce record bytes =
            if not (seen.Add record) then
                raise (InputException $"{name}: record {record} occurs twice; restore the official file.")

            visit record bytes

        try
            if Directory.Exists records then
                for path in folderRecords records do
                    visitOnce (nameOf path) (File.ReadAllBytes path)
            else
                visitArchive records visitOnce
        with
        | :? InvalidDataException
        | :? EndOfStreamException ->
            raise (
                InputException $"{records} is truncated or no tar.gz archive; get the official file again."
            )
        | :? IOException
        | :? UnauthorizedAccessException ->
            raise (InputException $"{records} cannot be read; check that it exists and its permissions.")

        if seen.Count = 0 then
            raise (
                InputException
                    $"{records} holds no record (a file such as 132539.txt); restore the official files."
            )

    /// Every file.
    let all files = [
        files.Outcomes
        if Directory.Exists files.Records then
            yield! folderRecords files.Records
        else
            files.Records
    ]
