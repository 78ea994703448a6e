namespace CausalDebiasing.Bench.Datasets

open System
open System.IO
open System.Text
open System.Text.RegularExpressions

/// An array of NumPy in a .npy file (versions 1 to 3 of the format): floating-point numbers of 2, 4 or 8 bytes, one row after
/// the other.
type NpyFile(path: string) =
    let file = File.OpenRead path
    let mark = [| 0x93uy; yield! "NUMPY"B |]

    let refuse problem remedy = TableError.refuse path problem remedy

    let cutShort () =
        refuse "the file is cut short or no .npy file" "save the array again by numpy.save"

    let take count =
        let bytes = Array.zeroCreate<byte> count

        if file.ReadAtLeast(bytes, count, throwOnEndOfStream = false) < count then
            cutShort ()

        bytes

    let longestHeader = 1 <<< 20

    let header =
        if take mark.Length <> mark then
            refuse "this is no .npy file" "save the array by numpy.save"

        let length =
            match (take 2)[0] with
            | 1uy -> int (BitConverter.ToUInt16(take 2))
            | 2uy
            | 3uy -> BitConverter.ToInt32(take 4)
            | _ -> refuse "the version of the .npy format is not known" "save the array again by numpy.save"

        if length < 0 || length > longestHeader then
            cutShort ()

        Encoding.UTF8.GetString(take length)

    let property name form =
        let found = Regex.Match(header, $"'{name}'\\s*:\\s*{form}")

        if not found.Success then
            cutShort ()

        found.Groups[1].Value

    let size =
        match property "descr" "'?([^',]+)" with
        | "<f2" -> 2
        | "<f4" -> 4
        | "<f8" -> 8
        | _ ->
            refuse
                "its entries are no little-endian floating-point numbers of 2, 4 or 8 bytes"
                "save the array as numpy.float32"

    let rows, width =
        let numbers =
            (property "shape" "\\(([^)]*)\\)").Split(',', StringSplitOptions.RemoveEmptyEntries)
            |> Array.map (fun text -> Int32.TryParse(text.Trim()))
            |> Array.filter fst
            |> Array.map snd

        match numbers with
        | [| rows |] -> rows, 1
        | [| rows; width |] when width > 0 -> rows, width
        | _ -> refuse "the array is not one of rows and columns" "reshape it to two dimensions"

    let start = file.Position

    do
        if property "fortran_order" "(True|False)" = "True" && width > 1 then
            refuse "the array is stored by columns" "save numpy.ascontiguousarray of it"

        if file.Length - start <> int64 rows * int64 width * int64 size then
            cutShort ()

    let entry (bytes: byte[]) i =
        match size with
        | 2 -> float32 (BitConverter.ToHalf(bytes, 2 * i))
        | 4 -> BitConverter.ToSingle(bytes, 4 * i)
        | _ -> float32 (BitConverter.ToDouble(bytes, 8 * i))

    member _.Rows = rows

    /// Numbers per row.
    member _.Width = width

    /// The row, from 0.
    member _.Row row : float32[] =
        file.Seek(start + int64 row * int64 width * int64 size, SeekOrigin.Begin)
        |> ignore

        let bytes = take (width * size)
        Array.init width (entry bytes)

    interface IDisposable with
        member _.Dispose() = file.Dispose()
