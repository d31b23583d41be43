package dev.freshwire.telemetry;

import dev.freshwire.policy.Origin;
import dev.freshwire.policy.RetryVerdict;
import java.util.Map;
import java.util.TreeMap;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.MBeanException;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.ReflectionException;
import javax.management.openmbean.CompositeDataSupport;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenDataException;
import javax.management.openmbean.OpenMBeanAttributeInfo;
import javax.management.openmbean.OpenMBeanAttributeInfoSupport;
import javax.management.openmbean.OpenMBeanConstructorInfo;
import javax.management.openmbean.OpenMBeanInfoSupport;
import javax.management.openmbean.OpenMBeanOperationInfo;
import javax.management.openmbean.OpenMBeanOperationInfoSupport;
import javax.management.openmbean.OpenMBeanParameterInfo;
import javax.management.openmbean.OpenMBeanParameterInfoSupport;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;
import javax.management.openmbean.TabularDataSupport;
import javax.management.openmbean.TabularType;

/**
 * The agent as JMX shows it: attributes of open types, so that a console needs none of its classes.
 * The tables follow the counters, whatever counters there are. Thread-safe.
 */
final class FreshwireBean implements DynamicMBean {
  private static final OpenMBeanParameterInfo[] NONE = {};

  private final Telemetry telemetry;
  private final Operations agent;
  private final CompositeType origin;
  private final TabularType origins;
  private final CompositeType client;
  private final TabularType clients;
  private final CompositeType hook;
  private final TabularType hooks;

  FreshwireBean(Operations agent) throws OpenDataException {
    this.telemetry = agent.telemetry();
    this.agent = agent;
    Map<String, OpenType<?>> columns = new TreeMap<>();
    for (Counter counter : Counter.values()) {
      columns.put(counter.name(), SimpleType.LONG);
    }
    for (RetryVerdict verdict : RetryVerdict.values()) {
      columns.put(verdict.name(), SimpleType.LONG);
    }
    columns.put("origin", SimpleType.STRING);
    origin = composite("Origin", "What was counted for one origin", columns);
    origins = new TabularType("Origins", "All origins", origin, new String[] {"origin"});

    columns = new TreeMap<>();
    columns.put("client", SimpleType.STRING);
    columns.put("version", SimpleType.STRING);
    columns.put("loader", SimpleType.STRING);
    columns.put("enforced", SimpleType.BOOLEAN);
    columns.put("reason", SimpleType.STRING);
    columns.put("rewritten", SimpleType.INTEGER);
    client = composite("Client", "A client library in one class loader", columns);
    clients =
        new TabularType(
            "Clients",
            "All client libraries",
            client,
            new String[] {"client", "version", "loader"});

    columns = new TreeMap<>();
    columns.put("client", SimpleType.STRING);
    columns.put("version", SimpleType.STRING);
    columns.put("loader", SimpleType.STRING);
    columns.put("purpose", SimpleType.STRING);
    columns.put("hits", SimpleType.LONG);
    hook = composite("Hook", "How often the hooks for one purpose ran", columns);
    hooks =
        new TabularType(
            "Hooks", "All hooks", hook, new String[] {"client", "version", "loader", "purpose"});
  }

  private static CompositeType composite(
      String name, String description, Map<String, OpenType<?>> columns) throws OpenDataException {
    String[] names = columns.keySet().toArray(new String[0]);
    return new CompositeType(
        name, description, names, names, columns.values().toArray(new OpenType<?>[0]));
  }

  @Override
  public Object getAttribute(String attribute) throws AttributeNotFoundException, MBeanException {
    try {
      switch (attribute) {
        case "Version":
          return agent.version();
        case "Mode":
          return agent.mode();
        case "Configuration":
          return agent.configuration();
        case "Errors":
          return telemetry.errors();
        case "Origins":
          return originTable();
        case "Clients":
          return clientTable();
        case "Hooks":
          return hookTable();
        default:
          throw new AttributeNotFoundException(attribute);
      }
    } catch (OpenDataException e) {
      throw new MBeanException(e);
    }
  }

  private TabularDataSupport originTable() {
    TabularDataSupport table = new TabularDataSupport(origins);
    telemetry.forEachOrigin((key, counters) -> table.put(row(key, counters)));
    return table;
  }

  private CompositeDataSupport row(Origin key, OriginCounters counters) {
    Map<String, Object> row = new TreeMap<>();
    row.put("origin", key.toString());
    for (Counter counter : Counter.values()) {
      row.put(counter.name(), counters.get(counter));
    }
    for (RetryVerdict verdict : RetryVerdict.values()) {
      row.put(verdict.name(), counters.get(verdict));
    }
    try {
      return new CompositeDataSupport(origin, row);
    } catch (OpenDataException e) {
      throw new IllegalStateException(e);
    }
  }

  private TabularDataSupport clientTable() throws OpenDataException {
    TabularDataSupport table = new TabularDataSupport(clients);
    for (Library library : telemetry.libraries().list()) {
      Map<String, Object> row = identity(library);
      row.put("enforced", library.isEnforced());
      row.put("reason", library.reason);
      row.put("rewritten", library.rewritten.size());
      put(table, new CompositeDataSupport(client, row));
    }
    return table;
  }

  private TabularDataSupport hookTable() throws OpenDataException {
    TabularDataSupport table = new TabularDataSupport(hooks);
    for (Library library : telemetry.libraries().list()) {
      for (String purpose : library.hooks.keySet()) {
        Map<String, Object> row = identity(library);
        row.put("purpose", purpose);
        row.put("hits", telemetry.libraries().hits(library, purpose));
        put(table, new CompositeDataSupport(hook, row));
      }
    }
    return table;
  }

  private static Map<String, Object> identity(Library library) {
    Map<String, Object> row = new TreeMap<>();
    row.put("client", library.client);
    row.put("version", library.version);
    row.put("loader", library.loaderName);
    return row;
  }

  /** Two loaders may hash alike; the first is shown. */
  private static void put(TabularDataSupport table, CompositeDataSupport row) {
    if (!table.containsKey(table.calculateIndex(row))) {
      table.put(row);
    }
  }

  @Override
  public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
    throw new AttributeNotFoundException(attribute.getName() + " is read only");
  }

  @Override
  public AttributeList getAttributes(String[] attributes) {
    AttributeList list = new AttributeList();
    for (String attribute : attributes) {
      try {
        list.add(new Attribute(attribute, getAttribute(attribute)));
      } catch (AttributeNotFoundException | MBeanException e) {
        // As the interface has it: what cannot be read is left out.
      }
    }
    return list;
  }

  @Override
  public AttributeList setAttributes(AttributeList attributes) {
    return new AttributeList();
  }

  @Override
  public Object invoke(String operation, Object[] arguments, String[] signature)
      throws ReflectionException {
    switch (operation) {
      case "reload":
        return agent.reload();
      case "reset":
        telemetry.reset();
        return "counting from zero";
      case "setMode":
        agent.setMode(String.valueOf(arguments[0]));
        return "mode " + agent.mode();
      case "effectiveFor":
        return agent.effectiveFor(String.valueOf(arguments[0]), ((Number) arguments[1]).intValue());
      default:
        throw new ReflectionException(new NoSuchMethodException(operation));
    }
  }

  @Override
  public MBeanInfo getMBeanInfo() {
    OpenMBeanAttributeInfo[] attributes = {
      attribute("Version", "The agent's version", SimpleType.STRING),
      attribute("Mode", "enforce, observe or off", SimpleType.STRING),
      attribute("Configuration", "What was configured, and where", SimpleType.STRING),
      attribute("Errors", "Failures inside the agent", SimpleType.LONG),
      attribute("Origins", "What was counted for each origin", origins),
      attribute("Clients", "The client libraries that were found", clients),
      attribute("Hooks", "How often the hooks of each client ran", hooks),
    };
    OpenMBeanParameterInfo mode =
        new OpenMBeanParameterInfoSupport("mode", "enforce, observe or off", SimpleType.STRING);
    OpenMBeanParameterInfo host =
        new OpenMBeanParameterInfoSupport("host", "A host name", SimpleType.STRING);
    OpenMBeanParameterInfo port =
        new OpenMBeanParameterInfoSupport("port", "Its port", SimpleType.INTEGER);
    OpenMBeanOperationInfo[] operations = {
      operation("reload", "Reads the configuration's file now", NONE),
      operation("reset", "Counts from zero", NONE),
      operation("setMode", "Holds until the configuration changes", mode),
      operation("effectiveFor", "What holds for one origin", host, port),
    };
    return new OpenMBeanInfoSupport(
        "dev.freshwire.Freshwire",
        "The Freshwire agent of this JVM",
        attributes,
        new OpenMBeanConstructorInfo[0],
        operations,
        null);
  }

  private static OpenMBeanAttributeInfo attribute(
      String name, String description, OpenType<?> type) {
    return new OpenMBeanAttributeInfoSupport(name, description, type, true, false, false);
  }

  private static OpenMBeanOperationInfo operation(
      String name, String description, OpenMBeanParameterInfo... parameters) {
    return new OpenMBeanOperationInfoSupport(
        name, description, parameters, SimpleType.STRING, MBeanOperationInfo.ACTION);
  }
}
