namespace CausalDebiasing.Bench.Datasets

open System
open System.IO
open System.Net
open System.Net.Http
open System.Net.Http.Headers
open CausalDebiasing.Runtime

/// Downloads data sets: whole files with the right checksum, or none. What a broken download has brought stays in
/// FILE.part, from where the next attempt goes on.
module Download =
    let private attempts = 3

    let private request (address: Uri) (start: int64) =
        let request = new HttpRequestMessage(HttpMethod.Get, address)

        if start > 0L then
            request.Headers.Range <- RangeHeaderValue(start, Nullable())

        request

    /// Where the answer's bytes belong; None when a part does not say so.
    let private startOf (response: HttpResponseMessage) =
        if response.StatusCode <> HttpStatusCode.PartialContent then
            Some 0L
        else
            response.Content.Headers.ContentRange
            |> Option.ofObj
            |> Option.bind (fun range -> Option.ofNullable range.From)

    let private refuseStatus (address: Uri) (response: HttpResponseMessage) =
        raise (
            InputException
                $"{address}: the server answers {int response.StatusCode}; try again later, or name another server by --mirror."
        )

    /// One request; what arrives is added to the part, or replaces it where the server does not resume.
    let private bring (client: HttpClient) (address: Uri) (part: string) =
        let present = if File.Exists part then FileInfo(part).Length else 0L
        use request = request address present
        use response = client.Send(request, HttpCompletionOption.ResponseHeadersRead)

        if response.StatusCode = HttpStatusCode.RequestedRangeNotSatisfiable then
            File.Delete part
            raise (IOException "The server has no more than the part.")
        elif not response.IsSuccessStatusCode then
            refuseStatus address response

        let mode =
            match startOf response with
            | Some 0L -> FileMode.Create
            | Some start when start = present -> FileMode.Append
            | _ -> raise (IOException "The server resumes elsewhere.")

        use source = response.Content.ReadAsStream()
        use target = new FileStream(part, mode, FileAccess.Write)
        source.CopyTo target

    let rec private bringWhole client address part attempt =
        try
            bring client address part
        with
        | :? HttpRequestException
        | :? IOException
        | :? OperationCanceledException when attempt < attempts ->
            bringWhole client address part (attempt + 1)
        | :? HttpRequestException
        | :? IOException
        | :? OperationCanceledException ->
            raise (
                InputException
                    $"{address}: the download broke off {attempts} times; check the connection and run the command again to go on, or name another server by --mirror."
            )

    let private hasChecksum file path = FileContent.hash path = file.Sha256

    let private fetchFile client (report: string -> unit) (address: Uri) folder (file: DownloadFile) =
        let path = Path.Combine(folder, file.Path)

        if File.Exists path then
            if not (hasChecksum file path) then
                raise (
                    InputException
                        $"{path} is not the official file (its SHA-256 differs); remove it and run the command again."
                )

            report $"{file.Path}: present"
        else
            let part = path + ".part"

            Path.GetDirectoryName path
            |> Option.ofObj
            |> Option.iter (Directory.CreateDirectory >> ignore)

            bringWhole client (Uri(address, file.Path)) part 1

            if not (hasChecksum file part) then
                File.Delete part

                raise (
                    InputException
                        $"{Uri(address, file.Path)}: the file is not the official one (its SHA-256 differs) and was deleted; run the command again, or name another server by --mirror."
                )

            File.Move(part, path)
            report $"{file.Path}: downloaded"

    /// Brings all files of the source, from `mirror` if given, into its folder under the root, which it gives. Raises
    /// InputException when a file cannot be brought or is not the official one.
    let fetch (client: HttpClient) report (root: string) (mirror: string option) (source: DownloadSource) =
        let text = Option.defaultValue source.Address mirror

        let address =
            match Uri.TryCreate(text.TrimEnd '/' + "/", UriKind.Absolute) with
            | true, NonNull address when address.Scheme = "http" || address.Scheme = "https" -> address
            | _ ->
                raise (
                    InputException
                        $"--mirror '{text}' is no address; write one such as https://example.org/data/."
                )

        let folder = Path.Combine(root, source.Name)

        try
            Directory.CreateDirectory folder |> ignore
        with
        | :? IOException
        | :? UnauthorizedAccessException ->
            raise (InputException $"{folder} cannot be written; choose another {DataRoot.optionName}.")

        for file in source.Files do
            fetchFile client report address folder file

        folder
