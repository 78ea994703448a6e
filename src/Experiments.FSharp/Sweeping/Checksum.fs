namespace CausalDebiasing.Bench.Sweeping

open System
open System.Security.Cryptography
open System.Text

/// JSON objects that end with the SHA-256 of all that is before it, so that no edit goes unnoticed.
module Checksum =
    let private before = ",\"Sha256\":\""
    let private after = "\"}"
    let private digits = 2 * SHA256.HashSizeInBytes

    /// SHA-256 of a text in lower-case hexadecimal.
    let ofText (text: string) =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes text))

    /// The JSON text of an object that is not empty, with its checksum as the last member.
    let seal (json: string) =
        json.Substring(0, json.Length - 1) + before + ofText json + after

    /// The text that was sealed; Error says in a few words why it cannot be believed.
    let unseal (text: string) : Result<string, string> =
        let start = text.Length - before.Length - digits - after.Length

        let hasChecksum =
            start > 0
            && String.CompareOrdinal(text, start, before, 0, before.Length) = 0
            && text.EndsWith(after, StringComparison.Ordinal)

        if not hasChecksum then
            Error "it is cut short, or of an earlier version without a checksum"
        else
            let json = text.Substring(0, start) + "}"

            if ofText json = text.Substring(start + before.Length, digits) then
                Ok json
            else
                Error "its content does not match its checksum"
