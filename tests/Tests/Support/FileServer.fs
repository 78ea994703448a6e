/// A server of files on the loopback interface, with byte ranges.
module CausalDebiasing.Tests.Support.FileServer

open System
open System.Collections.Concurrent
open System.Net
open System.Net.Sockets

type FileServer(files: Map<string, byte[]>) =
    let port =
        use probe = new TcpListener(IPAddress.Loopback, 0)
        probe.Start()
        (probe.LocalEndpoint :?> IPEndPoint).Port

    let listener = new HttpListener()
    let ranges = ConcurrentQueue<string>()
    let mutable breaks = 0
    let mutable resumes = true

    let answer (context: HttpListenerContext) =
        let response = context.Response

        let range =
            context.Request.Headers["Range"] |> Option.ofObj |> Option.defaultValue ""

        ranges.Enqueue range

        match
            context.Request.Url
            |> Option.ofObj
            |> Option.bind (fun url -> Map.tryFind url.AbsolutePath files)
        with
        | None ->
            response.StatusCode <- 404
            response.Close()
        | Some bytes ->
            let start =
                if range = "" || not resumes then
                    0
                else
                    int (range.Replace("bytes=", "").TrimEnd '-')

            if start >= bytes.Length then
                response.StatusCode <- 416
                response.Close()
            else
                if start > 0 then
                    response.StatusCode <- 206
                    response.AddHeader("Content-Range", $"bytes {start}-{bytes.Length - 1}/{bytes.Length}")

                response.ContentLength64 <- int64 (bytes.Length - start)

                if breaks > 0 then
                    breaks <- breaks - 1
                    response.OutputStream.Write(bytes, start, (bytes.Length - start) / 2)
                    response.OutputStream.Flush()
                    response.Abort()
                else
                    response.OutputStream.Write(bytes, start, bytes.Length - start)
                    response.Close()

    let rec serve () =
        task {
            match!
                task {
                    try
                        let! context = listener.GetContextAsync()
                        return Some context
                    with
                    | :? HttpListenerException
                    | :? ObjectDisposedException -> return None
                }
            with
            | Some context ->
                answer context
                return! serve ()
            | None -> ()
        }

    do
        listener.Prefixes.Add $"http://127.0.0.1:{port}/"
        listener.Start()
        serve () |> ignore

    member _.Address = $"http://127.0.0.1:{port}/"

    /// The Range header of every request, "" where there was none.
    member _.Ranges = List.ofSeq ranges

    /// How many of the next answers break off half-way.
    member _.Breaks
        with set value = breaks <- value

    /// Whether ranges are honoured.
    member _.Resumes
        with set value = resumes <- value

    interface IDisposable with
        member _.Dispose() = listener.Close()
