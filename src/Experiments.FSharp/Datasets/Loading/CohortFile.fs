namespace CausalDebiasing.Bench.Datasets

open System
open System.IO
open System.Runtime.InteropServices
open System.Security.Cryptography
open CausalDebiasing.Cohorts

/// A cohort on disk with named facts about it.
type StoredCohort = {
    Cohort: Cohort
    /// For example the hash of the files it was read from.
    Attributes: Map<string, string>
}

/// The compact binary form of a cohort: magic, version, payload, SHA-256 of all before. Little-endian.
module CohortFile =
    let private magic = "CDCOHORT"B
    let private version = 1
    let private header = magic.Length + sizeof<int>

    let private checksum (bytes: byte[]) length =
        SHA256.HashData(ReadOnlySpan<byte>(bytes, 0, length))

    let private writeArray (writer: BinaryWriter) (values: ReadOnlySpan<'T>) =
        writer.Write values.Length
        writer.Write(MemoryMarshal.AsBytes values)

    let private readArray<'T when 'T: struct and 'T: (new: unit -> 'T) and 'T :> ValueType>
        (reader: BinaryReader)
        =
        let values = Array.zeroCreate<'T>(reader.ReadInt32())
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()))
        values

    let private writeModality (writer: BinaryWriter) (modality: Modality) =
        writer.Write modality.Name
        writer.Write(int modality.Kind)
        writer.Write modality.Width
        writer.Write modality.Length

    let private readModality (reader: BinaryReader) =
        let name = reader.ReadString()
        let kind = enum<ModalityKind>(reader.ReadInt32())
        let width = reader.ReadInt32()
        Modality(name, kind, width, reader.ReadInt32())

    let private readMany (reader: BinaryReader) read =
        Array.init (reader.ReadInt32()) (fun _ -> read reader)

    let private encode stored =
        use memory = new MemoryStream()
        use writer = new BinaryWriter(memory)
        let cohort = stored.Cohort
        writer.Write magic
        writer.Write version
        writer.Write stored.Attributes.Count

        for pair in stored.Attributes do
            writer.Write pair.Key
            writer.Write pair.Value

        writer.Write cohort.Modalities.Count
        cohort.Modalities |> Seq.iter (writeModality writer)
        writer.Write cohort.SiteNames.Count
        cohort.SiteNames |> Seq.iter writer.Write

        for m in 0 .. cohort.Modalities.Count - 1 do
            writeArray writer (cohort.Values m)

        writeArray writer cohort.Mask
        writeArray writer cohort.Labels
        writeArray writer cohort.Sites
        writeArray writer cohort.Patients
        writer.Flush()
        memory.ToArray()

    let private decode (bytes: byte[]) length =
        use reader = new BinaryReader(new MemoryStream(bytes, header, length - header))

        let attributes =
            readMany reader (fun r ->
                let key = r.ReadString()
                key, r.ReadString())

        let modalities = readMany reader readModality
        let siteNames = readMany reader _.ReadString()
        let values = modalities |> Array.map (fun _ -> readArray<float32> reader)
        let mask = readArray<bool> reader
        let labels = readArray<float32> reader
        let sites = readArray<int> reader
        let patients = readArray<int64> reader

        {
            Cohort = Cohort(modalities, values, mask, labels, sites, siteNames, patients)
            Attributes = Map.ofArray attributes
        }

    /// Writes to the stream, which stays open.
    let write (destination: Stream) stored =
        let bytes = encode stored
        destination.Write(bytes, 0, bytes.Length)
        destination.Write(checksum bytes bytes.Length, 0, SHA256.HashSizeInBytes)

    /// Reads the file; Error is one line that says why it is not a whole cohort of this version.
    let read (path: string) : Result<StoredCohort, string> =
        let bytes =
            try
                Ok(File.ReadAllBytes path)
            with
            | :? IOException
            | :? UnauthorizedAccessException -> Error "it cannot be read"

        match bytes with
        | Error reason -> Error reason
        | Ok bytes when bytes.Length < header + SHA256.HashSizeInBytes -> Error "it is truncated"
        | Ok bytes when bytes[.. magic.Length - 1] <> magic -> Error "it is not a cohort file"
        | Ok bytes when BitConverter.ToInt32(bytes, magic.Length) <> version ->
            Error "it has another format version"
        | Ok bytes ->
            let length = bytes.Length - SHA256.HashSizeInBytes

            if checksum bytes length = bytes[length..] then
                Ok(decode bytes length)
            else
                Error "its checksum does not match"
