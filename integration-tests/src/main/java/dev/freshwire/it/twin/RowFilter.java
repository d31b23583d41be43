package dev.freshwire.it.twin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.Fields;

/**
 * PostgREST's horizontal filters as an SQL condition: {@code column=[not.]operator.value}, and the
 * logical trees {@code and=(...)} and {@code or=(...)}, nested at will.
 *
 * @param sql the condition, with a placeholder for every value
 * @param values the values, in the order of the placeholders
 */
record RowFilter(String sql, List<JsonNode> values) {

  private static final Set<String> RESERVED =
      Set.of("select", "order", "limit", "offset", "on_conflict", "columns", "apikey");
  private static final Pattern BRANCH = Pattern.compile("(not\\.)?(and|or)\\((.*)\\)");
  private static final Pattern LEAF = Pattern.compile("([^.]+)\\.(.*)", Pattern.DOTALL);

  static RowFilter of(Table table, List<Fields.Field> query) throws ApiException {
    Builder builder = new Builder(table);
    List<String> conditions = new ArrayList<>();
    for (Fields.Field field : query) {
      String name = field.getName();
      if (RESERVED.contains(name)) {
        continue;
      }
      for (String value : field.getValues()) {
        conditions.add(builder.parameter(name, value));
      }
    }
    String sql = conditions.isEmpty() ? "true" : String.join(" and ", conditions);
    return new RowFilter(sql, builder.values);
  }

  /** Splits at commas outside parentheses and double quotes. */
  static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    boolean quoted = false;
    StringBuilder part = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted) {
        if (c == '\\' && i + 1 < text.length()) {
          part.append(c);
          c = text.charAt(++i);
        } else if (c == '"') {
          quoted = false;
        }
      } else if (c == '"') {
        quoted = true;
      } else if (c == '(' || c == '{') {
        depth++;
      } else if (c == ')' || c == '}') {
        depth--;
      } else if (c == ',' && depth == 0) {
        parts.add(part.toString());
        part.setLength(0);
        continue;
      }
      part.append(c);
    }
    if (part.length() > 0 || !parts.isEmpty()) {
      parts.add(part.toString());
    }
    return parts;
  }

  private static final class Builder {
    private final Table table;
    private final List<JsonNode> values = new ArrayList<>();

    Builder(Table table) {
      this.table = table;
    }

    String parameter(String name, String value) throws ApiException {
      boolean negated = name.startsWith("not.");
      String bare = negated ? name.substring(4) : name;
      if ((bare.equals("and") || bare.equals("or")) && value.startsWith("(")) {
        return tree((negated ? "not." : "") + bare + value);
      }
      return condition(name, value);
    }

    private String tree(String text) throws ApiException {
      Matcher branch = BRANCH.matcher(text);
      if (branch.matches()) {
        List<String> conditions = new ArrayList<>();
        for (String part : split(branch.group(3))) {
          conditions.add(tree(part.trim()));
        }
        String joined = String.join(" " + branch.group(2) + " ", conditions);
        return (branch.group(1) == null ? "(" : "(not (")
            + joined
            + (branch.group(1) == null ? ")" : "))");
      }
      Matcher leaf = LEAF.matcher(text);
      if (!leaf.matches()) {
        throw unparsable(text);
      }
      return condition(leaf.group(1), leaf.group(2));
    }

    private String condition(String column, String expression) throws ApiException {
      String rest = expression;
      boolean negated = rest.startsWith("not.");
      if (negated) {
        rest = rest.substring(4);
      }
      int dot = rest.indexOf('.');
      if (dot < 0) {
        throw unparsable(column + "=" + expression);
      }
      String sql = comparison(column, rest.substring(0, dot), rest.substring(dot + 1), expression);
      return negated ? "(not " + sql + ")" : sql;
    }

    private String comparison(String column, String operator, String value, String expression)
        throws ApiException {
      String left = Table.quote(table.column(column).name());
      return switch (operator) {
        case "eq" -> compare(left, "=", value);
        case "neq" -> compare(left, "<>", value);
        case "gt" -> compare(left, ">", value);
        case "gte" -> compare(left, ">=", value);
        case "lt" -> compare(left, "<", value);
        case "lte" -> compare(left, "<=", value);
        case "isdistinct" -> compare(left, "is distinct from", value);
        case "like" -> compare(left, "like", value.replace('*', '%'));
        case "ilike" -> compare(left, "ilike", value.replace('*', '%'));
        case "is" -> is(left, value);
        case "in" -> in(left, value);
        default -> throw unparsable(column + "=" + expression);
      };
    }

    private String compare(String left, String operator, String value) {
      values.add(TextNode.valueOf(unquote(value)));
      return "(" + left + " " + operator + " ?)";
    }

    private static String is(String left, String value) throws ApiException {
      return switch (value.toLowerCase(Locale.ROOT)) {
        case "null" -> "(" + left + " is null)";
        case "not_null" -> "(" + left + " is not null)";
        case "true" -> "(" + left + " is true)";
        case "false" -> "(" + left + " is false)";
        case "unknown" -> "(" + left + " is unknown)";
        default -> throw unparsable("is." + value);
      };
    }

    private String in(String left, String list) throws ApiException {
      if (!list.startsWith("(") || !list.endsWith(")")) {
        throw unparsable("in." + list);
      }
      List<String> members = split(list.substring(1, list.length() - 1));
      if (members.isEmpty()) {
        return "(false)";
      }
      members.forEach(member -> values.add(TextNode.valueOf(unquote(member))));
      return "("
          + left
          + " in ("
          + String.join(", ", members.stream().map(m -> "?").toList())
          + "))";
    }

    private static String unquote(String value) {
      if (value.length() < 2 || !value.startsWith("\"") || !value.endsWith("\"")) {
        return value;
      }
      return value.substring(1, value.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\");
    }

    private static ApiException unparsable(String text) {
      return ApiException.rest(
          400,
          "PGRST100",
          "\"failed to parse filter (" + text + ")\"",
          "unexpected operator",
          null);
    }
  }
}
