namespace CausalDebiasing.Runtime;

/// <summary>
/// A mistake in what the user supplied (data, option, file), as opposed to a defect of the library.
/// The message is one line and names what is wrong, where (file, row, column or option) and the remedy;
/// it never holds a patient's values. Programs print it without a stack trace and exit with code 2.
/// </summary>
/// <param name="message">The line.</param>
public sealed class InputException(string message) : Exception(message);
