package dev.freshwire.it.twin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Supabase Storage under {@code /storage/v1}: objects in memory, uploads whole or resumable (TUS).
 */
final class StorageService implements Service {

  private static final String OBJECT = "/storage/v1/object";
  private static final String RESUMABLE = "/storage/v1/upload/resumable";

  /** An object; its content is never written to again. */
  private static final class Stored {
    final String id = UUID.randomUUID().toString();
    final String contentType;
    final byte[] content;
    final String updatedAt;

    Stored(String contentType, byte[] content, String updatedAt) {
      this.contentType = contentType;
      this.content = content;
      this.updatedAt = updatedAt;
    }
  }

  /** An upload that arrives in pieces; guarded by its own monitor. */
  private static final class Upload {
    final String key;
    final String contentType;
    final boolean upsert;
    final byte[] content;
    int offset;

    Upload(String key, String contentType, boolean upsert, int length) {
      this.key = key;
      this.contentType = contentType;
      this.upsert = upsert;
      this.content = new byte[length];
    }
  }

  private final WriteLedger ledger;
  private final InstantSource clock;
  private final Map<String, Stored> objects = new ConcurrentSkipListMap<>();
  private final Map<String, Upload> uploads = new ConcurrentHashMap<>();

  StorageService(WriteLedger ledger, InstantSource clock) {
    this.ledger = ledger;
    this.clock = clock;
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    String path = exchange.path();
    if (path.startsWith(RESUMABLE)) {
      resumable(exchange, exchange.pathAfter(RESUMABLE));
    } else if (path.startsWith(OBJECT + "/list/") && exchange.method().equals("POST")) {
      list(exchange, exchange.pathAfter(OBJECT + "/list"));
    } else if (path.startsWith(OBJECT)) {
      object(exchange, exchange.pathAfter(OBJECT));
    } else {
      throw ApiException.storage(404, "not_found", "Route not found");
    }
  }

  private void object(Exchange exchange, String path) throws Exception {
    switch (exchange.method()) {
      case "POST" -> store(exchange, path, exchange.headerSays("x-upsert", "true"));
      case "PUT" -> store(exchange, path, true);
      case "GET", "HEAD" -> download(exchange, path);
      case "DELETE" -> delete(exchange, path);
      default -> throw ApiException.storage(405, "method_not_allowed", exchange.method());
    }
  }

  private void store(Exchange exchange, String key, boolean upsert) throws Exception {
    byte[] content = exchange.body();
    ledger.arrived(exchange.requestId(), List.of());
    String id = put(key, orBinary(exchange.header("Content-Type")), content, upsert);
    ledger.applied(exchange.requestId(), List.of());
    exchange.send(200, Json.object().put("Id", id).put("Key", key));
  }

  private String put(String key, String contentType, byte[] content, boolean upsert)
      throws ApiException {
    if (key.indexOf('/') < 1) {
      throw ApiException.storage(404, "Bucket not found", "Bucket not found");
    }
    Stored stored = new Stored(contentType, content, clock.instant().toString());
    if (upsert) {
      objects.put(key, stored);
    } else if (objects.putIfAbsent(key, stored) != null) {
      throw ApiException.storage(409, "Duplicate", "The resource already exists");
    }
    return stored.id;
  }

  private void download(Exchange exchange, String path) throws ApiException {
    Stored stored = objects.get(path.replaceFirst("^(authenticated|public)/", ""));
    if (stored == null) {
      throw ApiException.storage(404, "not_found", "Object not found");
    }
    exchange
        .respondWith("ETag", '"' + stored.id + '"')
        .send(200, stored.contentType, stored.content);
  }

  private void delete(Exchange exchange, String path) throws Exception {
    ledger.arrived(exchange.requestId(), List.of());
    if (path.indexOf('/') > 0) {
      if (objects.remove(path) == null) {
        throw ApiException.storage(404, "not_found", "Object not found");
      }
      ledger.applied(exchange.requestId(), List.of());
      exchange.send(200, Json.object().put("message", "Successfully deleted"));
      return;
    }
    ArrayNode removed = Json.array();
    for (JsonNode prefix : exchange.json().path("prefixes")) {
      if (objects.remove(path + "/" + prefix.asText()) != null) {
        removed.addObject().put("name", prefix.asText()).put("bucket_id", path);
      }
    }
    ledger.applied(exchange.requestId(), List.of());
    exchange.send(200, removed);
  }

  private void list(Exchange exchange, String bucket) throws Exception {
    String prefix = exchange.json().path("prefix").asText();
    String folder =
        bucket + "/" + (prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/");
    ArrayNode listed = Json.array();
    objects.forEach(
        (key, stored) -> {
          if (key.startsWith(folder)) {
            ObjectNode entry =
                listed
                    .addObject()
                    .put("name", key.substring(folder.length()))
                    .put("id", stored.id)
                    .put("updated_at", stored.updatedAt)
                    .put("created_at", stored.updatedAt)
                    .put("last_accessed_at", stored.updatedAt);
            entry
                .putObject("metadata")
                .put("size", stored.content.length)
                .put("mimetype", stored.contentType);
          }
        });
    exchange.send(200, listed);
  }

  private void resumable(Exchange exchange, String id) throws Exception {
    exchange.respondWith("Tus-Resumable", "1.0.0");
    if (id.isEmpty() && exchange.method().equals("POST")) {
      create(exchange);
      return;
    }
    Upload upload = uploads.get(id);
    if (upload == null) {
      throw ApiException.storage(404, "not_found", "Upload not found");
    }
    switch (exchange.method()) {
      case "HEAD" -> {
        synchronized (upload) {
          exchange
              .respondWith("Upload-Offset", Integer.toString(upload.offset))
              .respondWith("Upload-Length", Integer.toString(upload.content.length))
              .respondWith("Cache-Control", "no-store")
              .send(200);
        }
      }
      case "PATCH" -> append(exchange, upload);
      default -> throw ApiException.storage(405, "method_not_allowed", exchange.method());
    }
  }

  private void create(Exchange exchange) throws Exception {
    Map<String, String> metadata = metadata(exchange.header("Upload-Metadata"));
    String key = metadata.get("bucketName") + "/" + metadata.get("objectName");
    boolean upsert = exchange.headerSays("x-upsert", "true");
    int length = number(exchange.header("Upload-Length"));
    if (!upsert && objects.containsKey(key)) {
      throw ApiException.storage(409, "Duplicate", "The resource already exists");
    }
    Upload upload = new Upload(key, orBinary(metadata.get("contentType")), upsert, length);
    String id = UUID.randomUUID().toString();
    uploads.put(id, upload);
    exchange.respondWith("Location", exchange.origin() + RESUMABLE + "/" + id).send(201);
  }

  private void append(Exchange exchange, Upload upload) throws Exception {
    byte[] piece = exchange.body();
    ledger.arrived(exchange.requestId(), List.of());
    synchronized (upload) {
      // The offset is what makes a piece that is sent twice harmless.
      if (number(exchange.header("Upload-Offset")) != upload.offset
          || piece.length > upload.content.length - upload.offset) {
        throw ApiException.plain(409, "Upload-Offset conflicts with the stored offset");
      }
      System.arraycopy(piece, 0, upload.content, upload.offset, piece.length);
      upload.offset += piece.length;
      if (upload.offset == upload.content.length) {
        put(upload.key, upload.contentType, upload.content, upload.upsert);
      }
      ledger.applied(exchange.requestId(), List.of());
      exchange.respondWith("Upload-Offset", Integer.toString(upload.offset)).send(204);
    }
  }

  private static Map<String, String> metadata(@Nullable String header) {
    Map<String, String> metadata = new HashMap<>();
    if (header != null) {
      Arrays.stream(header.split(",", -1))
          .map(entry -> entry.strip().split(" ", 2))
          .filter(entry -> entry.length == 2)
          .forEach(
              entry ->
                  metadata.put(
                      entry[0],
                      new String(Base64.getDecoder().decode(entry[1]), StandardCharsets.UTF_8)));
    }
    return metadata;
  }

  private static int number(@Nullable String header) throws ApiException {
    try {
      return Integer.parseInt(header == null ? "" : header);
    } catch (NumberFormatException e) {
      throw ApiException.plain(400, "not a length: " + header);
    }
  }

  private static String orBinary(@Nullable String contentType) {
    return contentType == null ? "application/octet-stream" : contentType;
  }
}
