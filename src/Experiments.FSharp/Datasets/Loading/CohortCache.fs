namespace CausalDebiasing.Bench.Datasets

open System
open System.IO
open System.Security.Cryptography
open System.Text
open CausalDebiasing.Bench.Foundation

/// Parsed cohorts, kept in a folder that only its owner can read.
module CohortCache =
    let private owner = UnixFileMode.UserRead ||| UnixFileMode.UserWrite

    /// XDG_CACHE_HOME, else ~/.cache (on Windows: local application data), with "causaldebias" below;
    /// None when there is no home.
    let defaultFolder () =
        let under (folder: Environment.SpecialFolder) (part: string) =
            match Environment.GetFolderPath folder with
            | "" -> None
            | home -> Some(Path.Combine(home, part))

        let parent =
            match Environment.GetEnvironmentVariable "XDG_CACHE_HOME" with
            | null
            | "" when OperatingSystem.IsWindows() -> under Environment.SpecialFolder.LocalApplicationData ""
            | null
            | "" -> under Environment.SpecialFolder.UserProfile ".cache"
            | path -> Some path

        parent |> Option.map (fun path -> Path.Combine(path, "causaldebias"))

    /// SHA-256, in lower-case hexadecimal, of the parts in order.
    let key (parts: string seq) =
        parts |> String.concat "\n" |> Sha256.ofText

    let private store folder path stored =
        OwnerOnly.folder folder

        let options =
            FileStreamOptions(Mode = FileMode.CreateNew, Access = FileAccess.Write)

        if not (OperatingSystem.IsWindows()) then
            options.UnixCreateMode <- owner

        AtomicFile.write path (fun temporary ->
            use file = new FileStream(temporary, options)
            CohortFile.write file stored)

    /// The cohort stored under the key, or what `build` makes, which is then stored. A file that is damaged or of
    /// another version is rebuilt, and a folder that cannot be written is done without; both are reported.
    let loadOrBuild
        (folder: string option)
        (report: string -> unit)
        (key: string)
        (build: unit -> StoredCohort)
        =
        match folder with
        | None -> build ()
        | Some folder ->
            let path = Path.Combine(folder, key + ".cohort")

            let found =
                if File.Exists path then
                    Some(CohortFile.read path)
                else
                    None

            match found with
            | Some(Ok stored) -> stored
            | other ->
                match other with
                | Some(Error reason) -> report $"The cached cohort {path} is rebuilt: {reason}."
                | _ -> ()

                let stored = build ()

                try
                    store folder path stored
                with
                | :? IOException
                | :? UnauthorizedAccessException ->
                    report $"The parsed cohort is not cached: {folder} cannot be written."

                stored
