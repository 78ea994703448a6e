namespace CausalDebiasing.Bench.Foundation

open System

/// JSON objects that end with the SHA-256 of all that is before it, so that no edit goes unnoticed.
module Checksum =
    let private before = ",\"Sha256\":\""
    let private after = "\"}"

    /// The JSON text of an object that is not empty, with its checksum as the last member.
    let seal (json: string) =
        json.Substring(0, json.Length - 1) + before + Sha256.ofText json + after

    /// The text that was sealed; Error says in a few words why it cannot be believed.
    let unseal (text: string) : Result<string, string> =
        let start = text.Length - before.Length - Sha256.digits - after.Length

        let hasChecksum =
            start > 0
            && String.CompareOrdinal(text, start, before, 0, before.Length) = 0
            && text.EndsWith(after, StringComparison.Ordinal)

        if not hasChecksum then
            Error "it is cut short, or of an earlier version without a checksum"
        else
            let json = text.Substring(0, start) + "}"

            if Sha256.ofText json = text.Substring(start + before.Length, Sha256.digits) then
                Ok json
            else
                Error "its content does not match its checksum"
