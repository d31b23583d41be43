package dev.freshwire.it.supabase

import io.github.jan.supabase.SupabaseClient
import io.github.jan.supabase.createSupabaseClient
import io.github.jan.supabase.logging.LogLevel
import io.github.jan.supabase.postgrest.Postgrest
import io.github.jan.supabase.realtime.Realtime
import io.ktor.client.HttpClientEngineContainer
import io.ktor.client.engine.HttpClientEngine
import java.util.ServiceLoader
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.job
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** One Supabase project of the application: a client object with its plugins. */
internal class Project(settings: JsonObject) {
    private val engine = engine(settings.text("engine"))
    private val client: SupabaseClient = createSupabaseClient(settings.text("url"), settings.text("key")) {
        httpEngine = engine
        defaultLogLevel = LogLevel.NONE
        install(AuthPlugin) { choose(settings) }
        install(Postgrest)
        install(Realtime)
        installOthers()
    }
    private val data = Data(client)
    private val sessions = Sessions(client)

    suspend fun perform(what: String, arguments: JsonObject): JsonElement =
        when (what) {
            "select" -> data.select(arguments.text("table"))
            "insert" -> data.insert(arguments.text("ref"))
            "upsert" -> data.upsert("AAA", arguments.text("price"))
            "update" -> data.update("AAA", arguments.text("note"))
            "delete" -> data.delete(arguments.text("ref"))
            "rpc" -> data.rpc()
            "realtime" -> data.realtime(arguments.text("ref"), (arguments.textOrNull("silence") ?: "0").toInt().milliseconds)
            "subscribe" -> data.subscribe()
            "leased" -> leased()
            "concurrently" -> concurrently(arguments.text("count").toInt())
            "checks" -> Checks(arguments, { Project(arguments) }, data).run()
            "signIn" -> sessions.signIn(arguments.text("email"), arguments.text("password"))
            "session" -> sessions.current()
            "user" -> sessions.user()
            "initialised" -> sessions.awaitInitialised()
            "refresh" -> sessions.refresh()
            "refreshMany" -> sessions.refreshMany(arguments.text("count").toInt())
            "awaitRefresh" -> sessions.awaitOtherThan(arguments.text("token"))
            "signOut" -> sessions.signOut()
            "pkce" -> sessions.pkce()
            else -> performOther(client, what, arguments)
        }

    suspend fun select(table: String): JsonElement = data.select(table)

    private suspend fun concurrently(count: Int): JsonElement = coroutineScope {
        JsonArray((1..count).map { async { attempt { data.select("prices") } } }.awaitAll())
    }

    /** Connections that are still leased from the pool of Apache HttpClient 5, whose engine does not show it. */
    private suspend fun leased(): JsonElement {
        val manager = engine.field("engine").field("manager")
        val now = {
            val stats = manager.javaClass.getMethod("getTotalStats").invoke(manager)
            stats.javaClass.getMethod("getLeased").invoke(stats) as Int
        }
        withTimeoutOrNull(5.seconds) {
            while (now() > 0) {
                delay(5)
            }
        }
        return JsonPrimitive(now())
    }

    /** Ends when no coroutine of the engine is left, and fails if one stays. */
    suspend fun close() {
        client.close()
        engine.close()
        withTimeout(10.seconds) { engine.coroutineContext.job.join() }
    }

    private companion object {
        /** By the name that each engine is registered with. */
        fun engine(name: String): HttpClientEngine =
            ServiceLoader.load(HttpClientEngineContainer::class.java)
                .first { it.toString().equals(name, ignoreCase = true) }
                .factory
                .create()
    }
}

private fun Any.field(name: String): Any = javaClass.getDeclaredField(name).apply { isAccessible = true }.get(this)

/** `null` if it went well, otherwise what it threw. */
internal suspend fun attempt(call: suspend () -> Unit): JsonElement =
    try {
        call()
        JsonNull
    } catch (e: Exception) {
        JsonPrimitive(generateSequence<Throwable>(e) { it.cause }.joinToString(", caused by "))
    }
