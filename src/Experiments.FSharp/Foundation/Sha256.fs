namespace CausalDebiasing.Bench.Foundation

open System
open System.IO
open System.Security.Cryptography
open System.Text

/// SHA-256 in lower-case hexadecimal.
module Sha256 =
    /// Number of digits.
    let digits = 2 * SHA256.HashSizeInBytes

    let ofBytes (bytes: byte[]) =
        Convert.ToHexStringLower(SHA256.HashData bytes)

    let ofStream (stream: Stream) =
        Convert.ToHexStringLower(SHA256.HashData stream)

    let ofText (text: string) = ofBytes (Encoding.UTF8.GetBytes text)
