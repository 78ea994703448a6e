namespace CausalDebiasing.Bench.Audit

open System
open System.Text.Json
open System.Text.Json.Serialization
open CausalDebiasing.Bench.Foundation

/// What is undefined is null.
type private NumberOrNull() =
    inherit JsonConverter<float>()

    override _.Read(reader, _, _) = reader.GetDouble()

    override _.Write(writer, value, _) =
        if Double.IsFinite value then
            writer.WriteNumberValue value
        else
            writer.WriteNullValue()

/// An audit for programs: names in snake case, shares and differences as they are.
module AuditJson =
    let private dialect =
        let options = JsonSerializerOptions JsonDialect.published
        options.Converters.Add(NumberOrNull())

        options.Converters.Add(
            JsonFSharpConverter(JsonUnionEncoding.Default ||| JsonUnionEncoding.UnwrapFieldlessTags)
        )

        options

    let write (report: AuditReport) =
        JsonSerializer.Serialize(report, dialect)
