@file:Suppress("DEPRECATION") // The newer function to read a line is not in Ktor 3.0.

package dev.freshwire.it.supabase

import io.github.jan.supabase.SupabaseClient
import io.github.jan.supabase.SupabaseClientBuilder
import io.github.jan.supabase.annotations.SupabaseInternal
import io.github.jan.supabase.functions.Functions
import io.github.jan.supabase.functions.functions
import io.github.jan.supabase.storage.Storage
import io.github.jan.supabase.storage.storage
import io.ktor.client.request.bearerAuth
import io.ktor.client.request.setBody
import io.ktor.client.statement.bodyAsChannel
import io.ktor.http.HttpMethod
import io.ktor.utils.io.readUTF8Line
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.withTimeout
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

internal fun SupabaseClientBuilder.installOthers() {
    install(Storage)
    install(Functions)
}

internal suspend fun performOther(client: SupabaseClient, what: String, arguments: JsonObject): JsonElement =
    when (what) {
        "upload" -> {
            client.storage.from("charts").upload(arguments.text("path"), arguments.text("content").encodeToByteArray()) {
                upsert = true
            }
            JsonPrimitive(true)
        }
        "download" ->
            JsonPrimitive(client.storage.from("charts").downloadAuthenticated(arguments.text("path")).decodeToString())
        "resumable" -> {
            val content = arguments.text("content").encodeToByteArray()
            val path = arguments.text("path")
            val upload = client.storage.from("charts").resumable.createOrContinueUpload(content, path, path)
            upload.startOrResumeUploading()
            withTimeout(10.seconds) { upload.stateFlow.first { it.isDone } }
            JsonPrimitive(true)
        }
        "function" -> streamed(client)
        else -> throw UnsupportedOperationException(what)
    }

/** The lines of a reply as they come. */
@OptIn(SupabaseInternal::class)
private suspend fun streamed(client: SupabaseClient): JsonElement {
    val request = client.httpClient.prepareRequest(client.functions.resolveUrl("advise")) {
        method = HttpMethod.Post
        bearerAuth(client.supabaseKey)
        setBody("{}")
    }
    return request.execute { response ->
        val body = response.bodyAsChannel()
        val lines = mutableListOf<JsonElement>()
        while (true) {
            val line = body.readUTF8Line() ?: break
            if (line.isNotEmpty()) {
                lines.add(JsonPrimitive(line))
            }
        }
        JsonArray(lines)
    }
}
